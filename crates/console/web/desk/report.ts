/** The rehearsal's report, as `GET /loads/{id}/report` has it. */
import type { Label } from '../text';

export interface Subject { line: number; id: string | null; key: string; title: string }
export interface Change extends Subject { before: string | null; after: string | null; from: string | null; corrects: boolean }

export interface Column {
  header: string;
  field: string | null;
  masked: boolean;
  cells: number;
  filled: number;
  distinct: number;
  distinct_exact: boolean;
  top: { value: string; count: number }[];
  formats: { form: string; count: number }[];
  other_formats: number;
  shortest: { characters: number; line: number; value: string } | null;
  longest: { characters: number; line: number; value: string } | null;
  spread: { count: number; minimum: string; maximum: string; mean: string; median: string } | null;
}

export interface Report {
  report: { encoding: string; format: string; seconds: number; outcome: string; problems: Record<string, number>; remarks: (string | Label)[] };
  /** Only of rehearsals. */
  rows?: { read: number; inserted: number; changed: number; corrected: number; unchanged: number; rejected: number };
  missing?: { count: number; examples: Subject[] };
  fields?: { field: string; label: Label; changed: number; corrected: number; filled: number; emptied: number; examples: Change[] }[];
  rejected?: { code: string; field: string; count: number; lines: { line: number; text: Label }[] }[];
  references?: { field: string; label: Label; target: string; all: number; count: number; examples: { line: number; key: string }[] }[];
  suspects?: {
    rule: string;
    label: Label;
    in_file: number;
    in_register: number;
    register_examples: (Subject & { known: Subject })[];
  }[];
  columns?: Column[];
  divisions?: { code: string; name: string | null; before: number; after: number; inserted: number; ended: number; arrived: number; left: number }[];
}
