import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A published set of routing rules. Never changed once written. */
@Entity('routing_rules')
export class RoutingRulesRow {
  @PrimaryColumn({ type: 'int' })
  version!: number;

  @Column({ type: 'varchar', length: 64 })
  sha256!: string;

  @Column({ type: 'text' })
  source!: string;

  @Column({ type: 'text', nullable: true })
  note!: string | null;

  /** The version whose content it brought back. */
  @Column({ type: 'int', nullable: true })
  restores!: number | null;

  @Column({ type: 'text' })
  made_by!: string;

  @Column({ type: 'bigint' })
  made_at!: number;
}
