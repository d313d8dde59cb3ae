import type { StateIcon } from '../../model/graph/looks.js';

export type IconName =
  | StateIcon
  | 'copy'
  | 'search'
  | 'list'
  | 'flow'
  | 'sun'
  | 'moon'
  | 'auto'
  | 'fit'
  | 'plus'
  | 'minus'
  | 'close'
  | 'more'
  | 'external'
  | 'turn'
  | 'key'
  | 'person'
  | 'start';

/** Strokes on a 16 × 16 grid. */
const PATHS: Readonly<Record<IconName, string>> = {
  play: 'M5 3.5v9l7-4.500z',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  clock: 'M8 2.200a5.800 5.800 0 1 0 0 11.600a5.800 5.800 0 1 0 0-11.600M8 5v3.200l2.200 1.500',
  repeat:
    'M12.800 6.500A5.200 5.200 0 0 0 3.500 5.200M3.200 2.500v3h3M3.200 9.500a5.200 5.200 0 0 0 9.300 1.300M12.800 13.500v-3h-3',
  queue: 'M3 4.500h10M3 8h10M3 11.500h6',
  check: 'M3.200 8.500l3.200 3.200l6.400-7',
  alert: 'M8 2.500L14.300 13.300H1.700zM8 6.500v3M8 11.400v.1',
  cross: 'M4 4l8 8M12 4l-8 8',
  skip: 'M3 4l5 4l-5 4zM12 4v8',
  undo: 'M3 6.500h6.500a3.500 3.500 0 0 1 0 7H6M5.800 3.500L2.800 6.500l3 3',
  dot: 'M8 7.500v1M7.500 8h1',
  copy: 'M6 5.500h7.500v8H6zM10.500 5.500v-3H3v8h3',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9a4.500 4.500 0 1 0 0-9M10.300 10.300L14 14',
  list: 'M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.1M2.500 8h.1M2.500 12h.1',
  flow: 'M2 5.500h4v5H2zM10 2h4v4h-4zM10 10h4v4h-4zM6 8h2M10 4H8v8h2',
  sun: 'M8 5.200a2.800 2.800 0 1 0 0 5.600a2.800 2.800 0 1 0 0-5.600M8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M12.600 3.400l-.9.9M4.300 11.700l-.9.9',
  moon: 'M13 9.800A5.500 5.500 0 0 1 6.200 3a5.500 5.500 0 1 0 6.800 6.800z',
  auto: 'M2.500 3h11v7.500h-11zM5.500 13.500h5M8 10.500v3',
  fit: 'M2.500 6v-3.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  more: 'M3.500 8h.1M8 8h.1M12.500 8h.1',
  external: 'M9 3h4v4M13 3L7.500 8.500M11 9.500v3.500H3V5h3.500',
  turn: 'M3 4.500h7a3 3 0 0 1 3 3v4M10.500 9l2.500 2.700L15.500 9',
  start: 'M9 1.500L3.500 9H8l-1 5.500L12.500 7H8z',
  person: 'M8 2.500a2.700 2.700 0 1 0 0 5.400a2.700 2.700 0 1 0 0-5.400M2.800 13.500a5.200 4 0 0 1 10.400 0',
  key: 'M5.500 5.500a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8.500 8.500H14M12 8.500v2.500',
};

export const iconPath = (name: IconName): string => PATHS[name];

export function Icon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={name === 'play' || name === 'skip' ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={name === 'more' || name === 'dot' ? 2.6 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
