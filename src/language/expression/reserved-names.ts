/** What the scope itself is called; see `Scope` in core. */
export const SCOPE_NAMES = ['input', 'vars', 'result', '_result'] as const;

export const OPERATOR_NAMES = ['and', 'or', 'not', 'in'] as const;

export const CONSTANT_NAMES = ['true', 'false', 'null'] as const;

export const FUNCTION_NAMES = [
  'abs',
  'ceil',
  'contains',
  'floor',
  'has',
  'len',
  'lower',
  'round',
  'startsWith',
] as const;

/** Names that reach into the prototypes of JavaScript. No id, key or path may hold one. */
const PROTOTYPE_NAMES: ReadonlySet<string> = new Set([
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'prototype',
  'toLocaleString',
  'toString',
  'valueOf',
]);

/** The parser refuses every variable whose name holds `prototype` or ends in `constructor`; ids must not run into it. */
const REFUSED_BY_PARSER = /^__proto__|prototype|constructor$/;

const EXPRESSION_NAMES: ReadonlySet<string> = new Set([
  ...SCOPE_NAMES,
  ...OPERATOR_NAMES,
  ...CONSTANT_NAMES,
  ...FUNCTION_NAMES,
]);

export const isPrototypeName = (name: string): boolean => PROTOTYPE_NAMES.has(name);

/** A name that no path in an expression can hold. */
export const isUnreadableName = (name: string): boolean => isPrototypeName(name) || REFUSED_BY_PARSER.test(name);

/** A name that a node cannot have, for expressions would not find the node under it. */
export const isReservedId = (id: string): boolean => EXPRESSION_NAMES.has(id) || isUnreadableName(id);
