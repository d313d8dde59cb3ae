import { PrimaryColumn } from 'typeorm';

/** What names a node instance, and comes first in the key of every table about one. */
export abstract class NodeKeyRow {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  instance!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  node!: string;

  @PrimaryColumn({ type: 'int' })
  visit!: number;
}
