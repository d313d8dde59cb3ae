import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A play as it is now. */
@Entity('play')
export class PlayRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  code!: string;

  @Column({ type: 'varchar', length: 64 })
  flow!: string;

  @Column({ type: 'varchar', length: 64 })
  state!: string;

  @Column({ type: 'int' })
  revision!: number;
}

/** All that a play ever was. Never changed. */
@Entity('play_revision')
export class PlayRevisionRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  code!: string;

  @PrimaryColumn({ type: 'int' })
  revision!: number;

  /** JSON of what it configures. */
  @Column({ type: 'text' })
  body!: string;

  @Column({ type: 'varchar', length: 64 })
  what!: string;

  @Column({ type: 'text' })
  made_by!: string;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ type: 'bigint' })
  made_at!: number;
}

/** What a play has started. */
@Entity('play_instance')
export class PlayInstanceRow {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  play!: string;

  @PrimaryColumn({ type: 'varchar', length: 36 })
  instance!: string;
}
