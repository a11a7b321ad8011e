// The voices as the kernel sends them: columns of equal length, with an entry for each voice.
const names = {
  language: namesOf("language"),
  country: namesOf("region"),
  gender: (value) => inWords(value.replace(/^gender_/, "")),
  owner: (value) => (value === "you" ? "Yours" : "Others'"),
};

// What can be filtered by.
const FACETS = { language: "language", gender: "gender", owner: "owner", country: "country", accent: "accent" };

export async function catalogue(blob) {
  const text = blob.stream().pipeThrough(new DecompressionStream("gzip"));
  const { columns, price } = await new Response(text).json();
  const count = columns.id.length;
  const has = (name) => name in columns;
  const searched = ["name", "tagline", "description", "id"].filter(has).map((name) => columns[name]);

  const label = (name, voice) => {
    const value = columns[name]?.[voice] ?? "";
    return value && (names[name]?.(value) ?? (name in FACETS ? inWords(value) : value));
  };

  return {
    count,
    has,
    label,
    id: (voice) => columns.id[voice],
    name: (voice) => columns.name[voice] || columns.id[voice],
    value: (name, voice) => columns[name][voice],
    voice: (id) => columns.id.indexOf(id),
    texts: Array.from({ length: count }, (_, voice) => letters(searched.map((column) => column[voice] ?? "").join("\n"))),
    titles: columns.name.map((name) => letters(name ?? "")),
    facets: Object.keys(FACETS).filter((name) => has(name) && new Set(columns[name]).size > 1),
    credits: (said) => [...said.replace(new RegExp(price.tag, "g"), "x")].length * price.character,
  };
}

// Letters without their case and accents, so that "noemi" finds Noemí.
export function letters(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

// 5 000, with a space that does not break
export function grouped(number) {
  return number.toLocaleString("en").replaceAll(",", "\u202f");
}

// "general-american" is General American
function inWords(value) {
  return value.replace(/[_-]/g, " ").replace(/(?<!\S)\p{Ll}/gu, (first) => first.toUpperCase());
}

function namesOf(type) {
  const known = new Intl.DisplayNames(["en"], { type });
  return (code) => {
    try {
      return known.of(code);
    } catch (error) {
      if (error instanceof RangeError) return code; // the API may write what no standard knows
      throw error;
    }
  };
}
