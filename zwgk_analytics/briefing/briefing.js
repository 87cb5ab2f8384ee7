// Charts follow the page, light or dark; how they are printed is in the page's style.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const plots = () => document.querySelectorAll(".js-plotly-plot");
  const paint = (isDark) => {
    const ink = isDark ? "#e6e8eb" : "#222222";
    const grid = isDark ? "#363d46" : "#e3e6ea";
    for (const plot of plots()) {
      const change = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", "font.color": ink };
      for (const axis of Object.keys(plot._fullLayout).filter((key) => /^[xy]axis\d*$/.test(key))) {
        change[`${axis}.gridcolor`] = grid;
        change[`${axis}.title.font.color`] = ink;
        change[`${axis}.linecolor`] = ink;
      }
      (plot.layout.annotations || []).forEach((_, index) => { change[`annotations[${index}].font.color`] = ink; });
      Plotly.relayout(plot, change);
      plot.data.forEach((trace, index) => {
        if (trace.textfont && trace.type === "scatter") Plotly.restyle(plot, { "textfont.color": ink }, [index]);
      });
    }
  };
  // printing is a change of size too, which would start what moves and print it half way
  const print = window.matchMedia("print");
  window.addEventListener("resize", () => { if (!print.matches) plots().forEach(Plotly.Plots.resize); });
  window.addEventListener("load", () => paint(dark.matches));
  dark.addEventListener("change", (event) => { if (!print.matches) paint(event.matches); });
})();
