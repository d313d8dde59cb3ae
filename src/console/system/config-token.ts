/** Token of the checked settings. */
export const CONFIG = Symbol('sluice.config');
