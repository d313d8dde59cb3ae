import { createTheme, type MantineColorsTuple } from '@mantine/core';

const water: MantineColorsTuple = [
  '#e8f5fa',
  '#d3e8f1',
  '#a7cfe2',
  '#78b5d3',
  '#4f9fc6',
  '#3592be',
  '#248bbb',
  '#1578a5',
  '#046b95',
  '#005d84',
];

/** Greys with the tint of the page, from text to the deepest ground; Mantine's own are warmer. */
const dark: MantineColorsTuple = [
  '#dfe4ea',
  '#b6bfca',
  '#929dac',
  '#6b7686',
  '#3a424e',
  '#2c323c',
  '#242a33',
  '#1b1f26',
  '#14171c',
  '#0f1216',
];

const sans =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  primaryColor: 'water',
  primaryShade: { light: 8, dark: 7 },
  colors: { water, dark },
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: { fontFamily: sans, fontWeight: '620' },
  fontSizes: { xs: '11.5px', sm: '13px', md: '14px', lg: '16px', xl: '19px' },
  defaultRadius: 'md',
  radius: { sm: '4px', md: '6px', lg: '10px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Input: { styles: { input: { fontSize: 13 } } },
    InputWrapper: { styles: { label: { fontSize: 13 }, description: { fontSize: 12 }, error: { fontSize: 12 } } },
    Modal: { defaultProps: { overlayProps: { backgroundOpacity: 0.35 }, closeButtonProps: { 'aria-label': 'Close' } } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm', fz: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true, fz: 'xs' } },
    Tabs: { defaultProps: { keepMounted: false } },
  },
});
