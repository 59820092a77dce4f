import { useLayoutEffect, useState } from 'preact/hooks';

/** A file that was opened, and how many were opened before it: the same one may be opened again. */
export interface OpenedFile {
  readonly file: File;
  readonly number: number;
}

/** The file that was last opened, or dropped anywhere on the page; the verdicts on it are shown. */
export function useFile(): readonly [OpenedFile | undefined, (file: File) => void] {
  const [opened, setOpened] = useState<OpenedFile>();
  const setFile = (file: File) => setOpened((last) => ({ file, number: (last?.number ?? 0) + 1 }));
  // From the beginning: until then, the browser would leave the page for a file.
  useLayoutEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const [dropped] = event.dataTransfer?.files ?? [];
      if (dropped === undefined) return;
      // Otherwise the browser would leave the page for it.
      event.preventDefault();
      setFile(dropped);
      location.hash = '#/judge';
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, []);
  return [opened, setFile];
}
