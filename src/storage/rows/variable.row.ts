import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A variable written by `out` or `set`. */
@Entity('variable')
export class VariableRow {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  instance!: string;

  @PrimaryColumn({ type: 'varchar', length: 255 })
  name!: string;

  /** JSON. */
  @Column({ type: 'text' })
  value!: string;
}
