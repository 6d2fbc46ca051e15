// Plays a stretch of a run on the floor plan: moves parts, colours machines. Data stand in the page; nothing is fetched.
(function () {
  "use strict";
  var run = JSON.parse(document.getElementById("run").textContent);
  var svg = document.querySelector("svg.chart");
  var field = document.getElementById("parts");
  var slider = document.getElementById("time"), clock = document.getElementById("clock");
  var button = document.getElementById("go"), speed = document.getElementById("speed");
  var made = document.getElementById("made"), lost = document.getElementById("lost");
  var time = 0, playing = false, before = null, MACHINE = 1000;
  var lamps = run.lamps.map(function (_, i) { return document.getElementById("m" + i); });
  var names = run.lamps.map(function (_, i) { return document.getElementById("n" + i); });
  var dots = run.parts.map(function (part) {
    var dot = document.createElementNS(svg.namespaceURI, "circle");
    dot.setAttribute("r", run.radius);
    dot.setAttribute("class", "part p-" + part[0] % 6);
    dot.style.display = "none";
    field.appendChild(dot);
    return dot;
  });

  // Index of the last entry of `times` (every `step`-th number) that is not after `now`; -1 if none.
  function last(times, step, now) {
    var low = 0, high = times.length / step;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (times[middle * step] <= now) { low = middle + 1; } else { high = middle; }
    }
    return low - 1;
  }

  function place(box, number, many) {
    var columns = Math.min(many, Math.max(1, Math.ceil(Math.sqrt(many * box[2] / Math.max(1, box[3])))));
    var rows = Math.ceil(many / columns), row = Math.floor(number / columns), column = number % columns;
    return [box[0] + box[2] * (column + 0.5) / columns, box[1] + box[3] * (row + 0.5) / Math.max(1, rows)];
  }

  function show() {
    var at = {}, good = 0, bad = 0;
    run.parts.forEach(function (part, i) {
      var k = last(part[1], 2, time), where = k < 0 ? null : part[1][2 * k + 1];
      if (where === -1) { good += 1; }
      if (where === -2) { bad += 1; }
      if (where === null || where < 0) { dots[i].style.display = "none"; return; }
      (at[where] = at[where] || []).push([part[1][2 * k], i]);
    });
    Object.keys(at).forEach(function (key) {
      var where = Number(key), here = at[key].sort(function (a, b) { return a[0] - b[0] || a[1] - b[1]; });
      var box = where >= MACHINE ? run.machines[where - MACHINE] : run.queues[where];
      here.forEach(function (entry, number) {
        var dot = dots[entry[1]], xy = place(box, number, here.length);
        dot.style.display = "";
        dot.style.transform = "translate(" + xy[0].toFixed(1) + "px," + xy[1].toFixed(1) + "px)";
      });
    });
    run.lamps.forEach(function (lamp, i) {
      var k = last(lamp, 3, time);
      lamps[i].setAttribute("class", "lamp s-" + run.states[k < 0 ? run.states.length - 1 : lamp[3 * k + 1]]);
      names[i].textContent = k < 0 ? "" : run.stops[lamp[3 * k + 2]];
    });
    var minutes = Math.floor((run.begin + time / 10) / 60), day = Math.floor(minutes / 1440) % 7;
    clock.textContent = run.days[day] + " " + ("0" + Math.floor(minutes / 60) % 24).slice(-2) + ":" + ("0" + minutes % 60).slice(-2);
    made.textContent = good;
    lost.textContent = bad;
    slider.value = time;
  }

  function step(now) {
    if (!playing) { return; }
    if (before !== null) { time = Math.min(run.length, time + (now - before) / 100 * Number(speed.value)); }
    before = now;
    show();
    if (time >= run.length) { stop(); return; }
    window.requestAnimationFrame(step);
  }

  function stop() { playing = false; button.textContent = run.words[0]; button.setAttribute("aria-pressed", "false"); }

  button.addEventListener("click", function () {
    if (playing) { stop(); return; }
    if (time >= run.length) { time = 0; }
    playing = true;
    before = null;
    button.textContent = run.words[1];
    button.setAttribute("aria-pressed", "true");
    window.requestAnimationFrame(step);
  });
  slider.addEventListener("input", function () { time = Number(slider.value); before = null; show(); });
  var asked = /^#(\d+)$/.exec(window.location.hash);  // play.html#3600 begins an hour into the shift
  if (asked) { time = Math.min(run.length, 10 * Number(asked[1])); }
  svg.classList.add("alive");
  show();
}());
