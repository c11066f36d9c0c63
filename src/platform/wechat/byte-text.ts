/**
 * The longest beginning of `text` that is at most `maxBytes` of UTF-8, never half a character. WeChat Pay counts bytes
 * where its tables say string(n): a longer value is refused as PARAM_ERROR, naming the number of bytes.
 */
export function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}
