import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Editor, EditorOf } from './editor-of.ts';

interface EditorOptions {
  /** What is in it at first. */
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** The editor cannot be loaded. */
  readonly onFailure: () => void;
}

/** Loads an editor into its place; the second is empty until it is there. */
export function useEditor(
  options: EditorOptions,
): readonly [place: RefObject<HTMLDivElement | null>, editor: { readonly current: Editor | undefined }] {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  useEffect(() => {
    const { text, onChange, onFailure } = options;
    let isOver = false;
    const { current } = place;
    if (current === null) return;
    // A file beside the page, so that the page itself loads fast.
    const file = new URL('editor.js', import.meta.url).href;
    import(file).then(({ editorIn }: { readonly editorIn: EditorOf }) => {
      if (!isOver) editor.current = editorIn(current, { text, label: 'Scenario', onChange });
    }, onFailure);
    return () => {
      isOver = true;
      editor.current?.end();
    };
  }, []);
  return [place, editor];
}
