// Run inside a copy of a report; leaves what is wrong with it in <pre id="found">.
(() => {
  const found = [];
  const room = document.documentElement.clientWidth;
  if (!window.inPrint) document.querySelectorAll("details").forEach((each) => { each.open = true; });
  if (window.refused.length) found.push(`asks for ${window.refused}`); // what the policy of the page kept from being fetched
  if (document.documentElement.scrollWidth > room + 1) found.push(`page is ${document.documentElement.scrollWidth} wide`);
  document.querySelectorAll("body *:not(svg *)").forEach((each) => {
    const box = each.getBoundingClientRect();
    if (box.width && (box.right > room + 1 || box.left < -1)) found.push(`sticks out: ${each.textContent.slice(0, 60)}`);
  });
  document.querySelectorAll("svg").forEach((picture) => {
    const frame = picture.getBoundingClientRect();
    picture.querySelectorAll("text").forEach((text) => {
      const box = text.getBoundingClientRect();
      const cut = box.right > frame.right + 2 || box.left < frame.left - 2 || box.bottom > frame.bottom + 3;
      if (box.width && (cut || box.top < frame.top - 3)) found.push(`cut: ${text.textContent}`);
    });
  });
  document.querySelectorAll("svg").forEach((picture) => {
    const texts = [...picture.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
    texts.forEach(([one, a], at) => texts.slice(at + 1).forEach(([other, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const least = Math.min(a.height, b.height);
      if (a.width && b.width && wide > 2 && high > 0.5 * least) found.push(`over each other: ${one} / ${other}`);
    }));
  });
  const proof = document.querySelector(".proof"); // with which the second page begins
  const first = proof ? proof.getBoundingClientRect().top + window.scrollY : 0;
  if (window.inPrint && first > 1031) found.push(`first page is ${Math.round(first)} long`); // A4 less its margins
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const draw = (letter) => {
    canvas.clearRect(0, 0, 40, 40);
    canvas.font = `24px ${getComputedStyle(document.body).fontFamily}`;
    canvas.fillText(letter, 4, 30);
    return canvas.getImageData(0, 0, 40, 40).data.join();
  };
  const missing = [draw("\u{10FFFE}"), draw(" ")]; // no letter, nothing
  for (const letter of new Set(document.body.textContent)) {
    if (letter.trim() && letter !== "\u2060" && missing.includes(draw(letter))) found.push(`no glyph for ${letter}`);
  }
  const result = document.createElement("pre");
  result.id = "found";
  result.textContent = JSON.stringify(found);
  document.body.append(result);
})();
