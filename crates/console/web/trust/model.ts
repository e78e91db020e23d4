/** What the routes of receipts, requests and objections answer. */
import type { Label } from '../text';

export interface Who { id: string; label?: string; department?: string; user?: string; roles?: string[]; means?: string }

export interface Summary {
  receipt: string;
  instant: string;
  method: string | null;
  path: string | null;
  status: number | null;
  purpose: string | null;
  case: string | null;
  /** Only for who audits. */
  caller?: Who | null;
}

export interface Receipt {
  receipt: string;
  instant: string;
  caller?: Who;
  whatFor?: { purpose?: string; case?: string };
  asked?: { method: string; path: string; query?: string; body?: string; bodyDigest?: string };
  times?: { transaction: number; knownAt: string | null; validAt: string };
  records?: Record<string, string[]>;
  counted?: Record<string, number>;
  policy?: string;
  status?: number;
  mediaType?: string;
  digest?: string;
  bytes?: number;
  whole?: boolean;
  sequence?: number;
  links: { rel: string; href: string }[];
}

export type Pairs = Record<string, { then: unknown; now: unknown }>;

export interface Difference {
  same: boolean;
  then: { digest: string; status: number; instant: string };
  now: { digest: string; status: number };
  changed: { collection: string; id: string; fields: Pairs }[];
  appeared: Record<string, string[]>;
  disappeared: Record<string, string[]>;
}

export interface Recall extends Summary {
  collection: string;
  id: string;
  validAt: string;
  /** Names alone for who audits. */
  fields: string[] | Pairs;
}

export interface Look { instant: string; department: string | null; departmentLabel: Label | null; purpose: string | null; way: string }

export interface Reading { awaited: string; since: string; workingDays: number; due: string; left: number; urgency: 'overdue' | 'due-soon' | 'running'; provisional: boolean }

export interface Step { at: string; by: { department: string; caller: string }; state: string; note?: string }

export interface Wish {
  collection: string;
  fields: Record<string, string>;
  modes: string[];
  purpose: string;
  legalBasis: string;
  reason: string;
  days: number;
}

export interface Request {
  id: string;
  applicant: string;
  wish: Wish;
  state: string;
  clock: Reading | null;
  answers: Record<string, { agree: boolean; fields?: Record<string, string>; note: string } | null>;
  granted: Record<string, string> | null;
  term: { from: string; until: string } | null;
  history: Step[];
}

export interface Objection {
  id: string;
  about: { collection: string; record: string; field: string };
  reason: string;
  objector: string;
  raisedBy: { department: string; caller: string };
  responsible: string;
  state: string;
  clock: Reading | null;
  finding: string | null;
  history: Step[];
}

export interface Waiting { kind: 'request' | 'objection'; id: string; collection: string; by: string; waitsFor: string[]; clock: Reading }

export interface Board {
  today: string;
  overdue: number;
  dueSoon: number;
  waiting: Waiting[];
  ending: { id: string; applicant: string; collection: string; until: string }[];
}
