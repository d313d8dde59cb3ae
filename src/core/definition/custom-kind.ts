/** How a kind of node that a plugin brings is drawn: the two ends of its box in Mermaid. */
export const SHAPES = {
  box: ['[', ']'],
  round: ['(', ')'],
  stadium: ['([', '])'],
  frame: ['[[', ']]'],
  cylinder: ['[(', ')]'],
  hexagon: ['{{', '}}'],
  slanted: ['[/', '/]'],
  flag: ['>', ']'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type Shape = keyof typeof SHAPES;

/** The kind of a node that a plugin brings. Its work is that of a task. */
export interface CustomKind {
  /** `acme.reserve` */
  readonly name: string;
  /** Of the plugin with which the flow was published: `1.4.2`. */
  readonly version: string;
  readonly shape: Shape;
}

/** The number before the first dot of a version; within it a plugin stays compatible. */
export const majorOf = (version: string): number => Number(version.split('.')[0]);

/** What such a kind's handler is called; no handler of an application can be called so. */
export const kindHandler = ({ name, version }: Pick<CustomKind, 'name' | 'version'>): string =>
  `${name}@${majorOf(version)}`;

/** What undoes it. */
export const undoHandler = (kind: Pick<CustomKind, 'name' | 'version'>): string => `${kindHandler(kind)}.undo`;

/** A handler's name as people write it in mocks: without the version of its kind. */
export const withoutMajor = (handler: string): string => handler.replace(/@\d+/, '');
