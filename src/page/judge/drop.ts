import { useEffect, useState } from 'preact/hooks';

/** The file that was opened, or dropped anywhere on the page, last; the verdicts on it are shown. */
export function useFile(): readonly [File | undefined, (file: File) => void] {
  const [file, setFile] = useState<File>();
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const [dropped] = event.dataTransfer?.files ?? [];
      if (dropped === undefined) return;
      // The browser would leave the page for it.
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
  return [file, setFile];
}
