/**
 * What keeps people from reading or using the page that is open: run inside the page. Contrast by WCAG 2.2 (4.5 : 1, of large
 * text 3 : 1), names of what can be used, labels of fields, one first heading, unique ids. What is disabled is let off.
 */
export function faultsOfPage(): string[] {
  const faults: string[] = [];
  type Colour = readonly [red: number, green: number, blue: number, alpha: number];
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  /** Whatever the notation, as the browser paints it. */
  const colourOf = (text: string): Colour => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = text;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (a: number, b: number): number => a * top[3] + b * (1 - top[3]);
    return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
  };
  const ground = (element: Element): Colour => {
    const layers: Colour[] = [];
    for (let one: Element | null = element; one; one = one.parentElement) {
      const colour = colourOf(getComputedStyle(one).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight<Colour>((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = ([red, green, blue]: Colour): number => {
    const part = (value: number): number => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const contrast = (a: Colour, b: Colour): number => {
    const [dark = 0, bright = 0] = [light(a), light(b)].sort((x, y) => x - y);
    return (bright + 0.05) / (dark + 0.05);
  };
  const isShown = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const seen = style.visibility !== 'hidden' && style.display !== 'none' && style.clipPath === 'none';
    return seen && box.width > 1 && box.height > 1 && !element.closest('[aria-hidden=true], [inert]');
  };
  const short = (element: Element): string => {
    const text = (element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 40);
    const named = element
      .getAttribute('class')
      ?.split(' ')
      .find((name) => !/^m_|^mantine-/.test(name));
    return `${element.tagName.toLowerCase()}${named ? `.${named}` : ''} '${text}'`;
  };
  const opacityOf = (element: Element): number => {
    let opacity = 1;
    for (let one: Element | null = element; one; one = one.parentElement)
      opacity *= Number(getComputedStyle(one).opacity);
    return opacity;
  };

  const dialog = document.querySelector('[role=dialog]');
  const scope = dialog ?? document.body;
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  const seen = new Set<Element>();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element || seen.has(element) || (walker.currentNode.textContent ?? '').trim() === '') continue;
    seen.add(element);
    // Of a drawing only what its own stylesheet sets is known; its text stands in HTML inside of it, on the node's fill.
    if (!isShown(element) || element.closest('svg, :disabled, [data-disabled=true]')) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const [red, green, blue, alpha] = colourOf(style.color);
    const text = over([red, green, blue, alpha * opacityOf(element)], below);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(text, below);
    if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)} of ${short(element)}`);
  }

  for (const field of scope.querySelectorAll('input[placeholder], textarea[placeholder]')) {
    if (!isShown(field) || field.matches(':disabled')) continue;
    const below = ground(field);
    const style = getComputedStyle(field, '::placeholder');
    const [red, green, blue, alpha] = colourOf(style.color);
    const ratio = contrast(over([red, green, blue, alpha * Number(style.opacity || 1)], below), below);
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(2)} of the hint '${field.getAttribute('placeholder')}'`);
  }

  const nameOf = (element: Element): string => {
    const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id));
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const texts = [element.getAttribute('aria-label'), ...[...by, ...labels].map((one) => one?.textContent)];
    const own = element.matches('input, textarea, select') ? '' : element.textContent;
    return (
      [...texts, own, element.getAttribute('title')].map((text) => (text ?? '').trim()).find((text) => text !== '') ??
      ''
    );
  };
  const usable =
    'a[href], button, input:not([type=hidden]), textarea, select, [role=button], [role=tab], [tabindex="0"]';
  for (const element of scope.querySelectorAll(usable)) {
    const textarea = element instanceof HTMLTextAreaElement && [...(element.labels ?? [])].length > 0;
    if (isShown(element) && !textarea && nameOf(element) === '')
      faults.push(`no name: ${short(element)} ${element.outerHTML.slice(0, 120)}`);
  }
  for (const element of scope.querySelectorAll('th')) {
    if (isShown(element) && (element.textContent ?? '').trim() === '') faults.push(`no title: ${short(element)}`);
  }
  for (const image of scope.querySelectorAll('img:not([alt]), svg[role=img]:not([aria-label])'))
    faults.push(`no text: ${short(image)}`);
  if (!dialog && document.querySelectorAll('h1').length !== 1)
    faults.push(`${document.querySelectorAll('h1').length} first headings`);
  if (document.documentElement.lang === '') faults.push('no language');
  if (document.title === '') faults.push('no title');
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at)))
    faults.push(`the id ${id} is there twice`);
  return faults;
}
