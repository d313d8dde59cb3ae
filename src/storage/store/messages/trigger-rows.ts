import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event that has a share of a trigger's quota. */
@Entity('trigger_claim')
export class TriggerClaimRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  code!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  identity!: string;

  @Column({ type: 'varchar', length: 64 })
  share!: string;

  @Column({ type: 'bigint' })
  claimed_at!: number;
}

/** How far the ticks of a trigger are dealt with. */
@Entity('trigger_tick')
export class TriggerTickRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  code!: string;

  @Column({ type: 'varchar', length: 64 })
  rule!: string;

  @Column({ type: 'bigint' })
  done_at!: number;
}

/** How much of a share is used. */
@Entity('trigger_share')
export class TriggerShareRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  code!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  share!: string;

  @Column({ type: 'bigint' })
  used!: number;
}

/** What became of the events of a trigger. */
@Entity('trigger_count')
export class TriggerCountRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  code!: string;

  @Column({ type: 'bigint' })
  started!: number;

  @Column({ type: 'bigint' })
  duplicate!: number;

  @Column({ type: 'bigint' })
  passed!: number;

  @Column({ type: 'bigint' })
  beyond!: number;

  @Column({ type: 'bigint' })
  failed!: number;

  /** 0: never. */
  @Column({ type: 'bigint' })
  last_at!: number;
}
