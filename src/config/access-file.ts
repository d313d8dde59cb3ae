/** In the data folder: where the server of this folder listens and its random token, for the command line. */
export const ACCESS_FILE = 'access.json';
