import { createDocumentId } from './document-id';

describe('a documentId', () => {
  it('has the shape of the ids Strapi makes, and does not repeat', () => {
    const ids = Array.from({ length: 20_000 }, createDocumentId);
    expect(ids.filter((id) => !/^[a-z][a-z0-9]{23}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('uses every character about equally often', () => {
    const counts = new Map<string, number>();
    for (let round = 0; round < 20_000; round += 1) {
      const character = createDocumentId().charAt(10);
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = 20_000 / 36;
    expect(counts.size).toBe(36);
    for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(expected / 2);
  });
});
