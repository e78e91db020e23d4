import { expect, test } from 'vitest';
import { read } from '../api/catalog';
import { href, parse } from '../router';
import { body, cql, curl, fromAddress, keyForms, toAddress } from './question';

const schema = read('person', {
  'x-key': ['identityNumber'],
  properties: {
    name: { 'x-type': 'text', 'x-search': ['exact', 'text'] },
    sex: { 'x-type': 'code', oneOf: [{ const: '1', title: '男性', 'x-title-en': 'Male' }] },
    birthDate: { 'x-type': 'date' },
    division: { 'x-type': 'division' },
  },
});

const address =
  '#/search/person?q=王&w=sex:1&w=sex:2&w=division:110108&w=birthDate:1999&w=sex:' +
  '&polygon=116.3 39.9,116.4 39.9,116.4 40&circle=116.39,39.9,500&box=116,39,117,40&filter=name LIKE %27王%25%27&sort=-birthDate';

test('an address is read and written again without loss', () => {
  const question = fromAddress('person', parse(address).query);
  const again = fromAddress('person', parse(href(['search', 'person'], toAddress(question), new URLSearchParams())).query);
  expect(again).toEqual(question);
  expect(question.polygon).toHaveLength(3);
  expect(question.chosen).toContainEqual({ field: 'sex', value: null });
});

test('what cannot be read asks nothing', () => {
  const { query } = parse('#/search/person?polygon=1 2,3&circle=1,2&box=a,b,c,d&w=nothing');
  expect(fromAddress('person', query)).toMatchObject({ polygon: null, circle: null, box: null, chosen: [] });
});

test('the filter is CQL2', () => {
  expect(cql(fromAddress('person', parse(address).query), schema)).toBe(
    "(sex IN ('1', '2') OR sex IS NULL) AND within_division(division, '110108')" +
      " AND (birthDate >= DATE('1999-01-01') AND birthDate < DATE('2000-01-01'))" +
      ' AND S_INTERSECTS(geometry, POLYGON((116.3 39.9, 116.4 39.9, 116.4 40, 116.3 39.9)))' +
      " AND near(116.39, 39.9, 500) AND S_INTERSECTS(geometry, BBOX(116, 39, 117, 40)) AND name LIKE '王%'",
  );
});

test("a facet leaves its own field's choice out, and an alternative of the reader's own stays together", () => {
  const question = fromAddress('person', parse("#/?w=sex:1&w=division:11&filter=sex = '1' OR sex = '2'").query);
  expect(cql(question, schema, 'sex')).toBe("within_division(division, '11') AND (sex = '1' OR sex = '2')");
});

test('quotation marks are doubled for CQL2 and closed for a shell', () => {
  const question = fromAddress('person', parse("#/?q=O'Neil&w=sex:'").query);
  expect(cql(question, schema)).toBe("sex = ''''");
  expect(curl('http://h', question, schema)).toBe(
    `curl -sG 'http://h/collections/person/items' --data-urlencode 'q=O'\\''Neil' --data-urlencode 'filter=sex = '\\'''\\'''\\'''\\'''`,
  );
});

test('groups are not sorted by fields of records', () => {
  const question = fromAddress('person', parse('#/?sort=-birthDate&validAt=2020-01-01').query);
  expect(body(question, schema, { limit: 1 })).toEqual({ from: 'person', sort: ['-birthDate'], validAt: '2020-01-01', limit: 1 });
  expect(body(question, schema, { group: ['sex'] })).not.toHaveProperty('sort');
});

test('natural keys are told by their form', () => {
  expect(keyForms('11010519491231002x').map((one) => one.collection)).toEqual(['person', 'organization']);
  expect(keyForms('91110000600037341L').map((one) => one.collection)).toEqual(['organization']);
  expect(keyForms('王芳')).toEqual([]);
});
