import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody did, or was refused. Never changed once written. */
@Entity('audit_entry')
export class AuditEntryRow {
  /** A UUIDv7: in the order of time. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  @Column({ type: 'bigint' })
  at!: number;

  @Column({ type: 'text' })
  who!: string;

  @Column({ type: 'varchar', length: 64 })
  action!: string;

  @Column({ type: 'varchar', length: 64, nullable: true })
  flow!: string | null;

  @Column({ type: 'varchar', length: 36, nullable: true })
  instance!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  node!: string | null;

  @Column({ type: 'int' })
  status!: number;

  /** JSON object. */
  @Column({ type: 'text' })
  detail!: string;
}
