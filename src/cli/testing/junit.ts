export interface TestedCase {
  readonly name: string;
  /** Real time, in milliseconds. */
  readonly ms: number;
  /** Virtual time from start to end, for people; empty when it did not run. */
  readonly took: string;
  readonly failures: readonly { readonly line: number; readonly message: string }[];
}

export interface TestedFile {
  readonly name: string;
  readonly cases: readonly TestedCase[];
}

/** Results as JUnit XML, which build servers read: a suite for each file. */
export function junit(files: readonly TestedFile[]): string {
  const suites = files.map(({ name, cases }) => {
    const failed = cases.filter(({ failures }) => failures.length > 0).length;
    const head = `<testsuite name="${escaped(name)}" tests="${cases.length}" failures="${failed}" time="${seconds(cases)}">`;
    return [`  ${head}`, ...cases.map((one) => caseXml(name, one)), '  </testsuite>'].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join('\n');
}

function caseXml(file: string, one: TestedCase): string {
  const head = `    <testcase classname="${escaped(file)}" name="${escaped(one.name)}" time="${seconds([one])}"`;
  if (one.failures.length === 0) return `${head}/>`;
  const told = one.failures.map(({ line, message }) => `${file}:${line}: ${message}`).join('\n');
  const first = one.failures[0]?.message ?? '';
  return `${head}>\n      <failure message="${escaped(first)}">${escaped(told)}</failure>\n    </testcase>`;
}

const seconds = (cases: readonly TestedCase[]): string =>
  (cases.reduce((sum, { ms }) => sum + ms, 0) / 1_000).toFixed(3);

/** What XML cannot hold at all is shown as a replacement character. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
