/**
 * Caches what is derived from a conversation or a play, as long as that exists: a hundred invariants ask for the same
 * views of it. The derived value must depend on nothing else.
 */
export function derived<From extends object, View>(derive: (from: From) => View): (from: From) => View {
  const known = new WeakMap<From, { readonly view: View }>();
  return (from) => {
    const found = known.get(from);
    if (found !== undefined) return found.view;
    const view = derive(from);
    known.set(from, { view });
    return view;
  };
}
