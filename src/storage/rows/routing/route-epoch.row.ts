import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the shared health of partners is: one row, locked by whoever changes any of it. */
@Entity('route_epoch')
export class RouteEpochRow {
  /** Always 1. */
  @PrimaryColumn({ type: 'int' })
  id!: number;

  /** Another one where the database is another. */
  @Column({ type: 'varchar', length: 36 })
  incarnation!: string;

  @Column({ type: 'bigint' })
  version!: number;
}
