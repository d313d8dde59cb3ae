import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A published definition. Never changed once written. */
@Entity('definition')
export class DefinitionRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  flow!: string;

  @PrimaryColumn({ type: 'int' })
  version!: number;

  @Column({ type: 'text', nullable: true })
  title!: string | null;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column({ type: 'varchar', length: 64 })
  sha256!: string;

  @Column({ type: 'text' })
  source!: string;

  @Column({ type: 'bigint' })
  published_at!: number;

  /** What was kept of the kinds of node that plugins brought, as JSON. */
  @Column({ type: 'text', nullable: true })
  kinds!: string | null;
}
