import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The version of a flow that starts get although it is not the newest. */
@Entity('active_version')
export class ActiveVersionRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  flow!: string;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'text' })
  activated_by!: string;

  @Column({ type: 'bigint' })
  activated_at!: number;
}
