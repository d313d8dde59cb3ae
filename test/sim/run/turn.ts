/** Lets all promises that can go on go on. Nothing in a world waits for real time, so one turn of the event loop is enough. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
