// The contents of the documentation: beside the text where there is room, folded up above it on a phone.
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
