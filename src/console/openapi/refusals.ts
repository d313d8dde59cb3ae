/** Why requests are refused, where more than one operation says so. */

export const BAD_QUERY = { 400: 'The query is not as described.' };
export const NOT_JSON = { 415: 'The body is not JSON.' };
export const BAD_BODY = { ...NOT_JSON, 422: 'The body is not as described.' };
export const TOO_LARGE = { 413: 'The body is larger than 1 MiB.' };
export const NOT_YAML = { 415: 'The body is neither JSON nor YAML.' };
export const BUSY = {
  429: 'Too much work waits already, or too many wrong tokens came: try again after `Retry-After` seconds.',
};
export const UNKNOWN_INSTANCE = { 404: 'There is no such instance.' };
export const UNKNOWN_VISIT = { 404: 'There is no such instance, or it has not been there.' };
export const UNKNOWN_FLOW = { 404: 'There is no such flow, or version of it.' };
