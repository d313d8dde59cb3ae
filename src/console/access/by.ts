/** Whose hand it was, as it is stored with what was done. */
export const BY = 'admin';
