import type { Block } from '../block.js';
import type { Wide } from './wide-block.js';

/** Such a block in a flow: what is in it are blocks of any kind. */
export type WideBlock = Wide<Block>;
