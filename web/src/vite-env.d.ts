/** The version of mermaid that drew a cached picture; another version draws it anew. */
declare const __MERMAID_VERSION__: string;
