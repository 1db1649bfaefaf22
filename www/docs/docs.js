// The contents of the documentation: beside the text where there is room, folded up above it on a phone. And what
// scrolls in the text is a stop of the keyboard, as long as there is something to scroll.
//
// No module: it runs between the contents and the text, so that nothing moves once it is seen.
{
  const contents = document.querySelector(".contents");
  const narrow = matchMedia("(max-width: 59.99rem)");
  const fold = () => {
    contents.open = !narrow.matches;
  };
  fold();
  // Where the contents are longer than the window, the page that is being read is in sight.
  const current = contents.querySelector('[aria-current="page"]');
  if (current) contents.scrollTop = current.offsetTop - contents.clientHeight / 3;
  narrow.addEventListener("change", fold);
}

document.addEventListener("DOMContentLoaded", () => {
  const observer = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const block of document.querySelectorAll(".listing, .wide")) observer.observe(block);
});
