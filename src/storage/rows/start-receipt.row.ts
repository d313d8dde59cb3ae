import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which instance stands for a start's identity; outlives the instance. */
@Entity('start_receipt')
export class StartReceiptRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  flow!: string;

  @PrimaryColumn({ type: 'varchar', length: 43 })
  hash!: string;

  @Column({ type: 'varchar', length: 36 })
  instance!: string;

  /** From then on the identity may be used again. */
  @Column({ type: 'bigint' })
  expires_at!: number;
}
