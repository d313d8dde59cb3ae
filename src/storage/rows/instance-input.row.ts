import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an instance was started with; written once. */
@Entity('instance_input')
export class InstanceInputRow {
  @PrimaryColumn({ type: 'varchar', length: 36 })
  instance!: string;

  /** JSON object. */
  @Column({ type: 'text' })
  input!: string;
}
