import { useEffect, useState } from 'react';

/**
 * Gives the focus back to where it was when a dialog that is only there while it is open was opened. A dialog that stays and is
 * told whether it is open does so by itself.
 */
export function useFocusBack(): void {
  const [from] = useState(() => document.activeElement);
  useEffect(() => {
    return () => {
      if (from instanceof HTMLElement) requestAnimationFrame(() => from.focus({ preventScroll: true }));
    };
  }, [from]);
}
