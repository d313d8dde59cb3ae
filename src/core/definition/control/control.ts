/** What every node can say of how it is entered and left, whatever it does. */
export interface Control {
  /** Groups of nodes that it belongs to, each cancelled as a whole; absent: none. */
  readonly scopes?: readonly string[];
  /** Excludes all others of the name: the node alone, or the section of connected nodes that says so too. */
  readonly mutex?: { readonly name: string; readonly section: boolean };
  /** Begins only while that node is active; absent: at once. */
  readonly while?: string;
}
