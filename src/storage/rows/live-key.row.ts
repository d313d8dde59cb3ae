import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which live instance holds a business key; deleted when the instance ends. */
@Entity('live_key')
export class LiveKeyRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  flow!: string;

  @PrimaryColumn({ type: 'varchar', length: 43 })
  hash!: string;

  @Column({ type: 'varchar', length: 36 })
  instance!: string;
}
