/** Takes the exit code of a command; each command's action calls it once. */
export type Finish = (code: number) => void;
