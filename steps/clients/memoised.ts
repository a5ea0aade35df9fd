/** Remembers what was made for each key; a failure is not remembered, so that the next call tries again. */
export function memoised<Key extends string, Value>(make: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const made = new Map<Key, Promise<Value>>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const making = make(key);
    made.set(key, making);
    making.catch(() => made.delete(key));
    return making;
  };
}

/** Makes a thing at the first call and gives the same one ever after; a failure is not remembered. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  const only = memoised(make);
  return () => only('');
}
