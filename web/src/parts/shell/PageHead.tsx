import { type ReactNode, useEffect } from 'react';

/** Title line of a page, with what belongs at its right; also names the browser tab. */
export function PageHead({ title, tab, children }: { title: ReactNode; tab: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${tab} · Sluice`;
  }, [tab]);
  return (
    <header className="page-head">
      <h1>{title}</h1>
      {children}
    </header>
  );
}
