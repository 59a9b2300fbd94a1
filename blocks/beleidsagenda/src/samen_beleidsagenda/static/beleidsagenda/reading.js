// While somebody writes: ask how the text reads, and show it under the field. Without this script the form tells it after "Bekijk hoe het leest".
(function () {
  "use strict";
  var address = document.getElementById("leesbaarheid");
  var token = document.querySelector("#form input[name=csrf_token]");
  if (!address || !token || !window.fetch) return;
  document.querySelectorAll("[data-reads]").forEach(function (place) {
    var field = document.getElementById(place.dataset.reads);
    var timer = 0;
    var asked = 0;
    function ask() {
      var number = ++asked;
      var body = new URLSearchParams({ csrf_token: token.value, text: field.value });
      fetch(address.value, { method: "POST", body: body, credentials: "same-origin" })
        .then(function (answer) { return answer.ok ? answer.text() : null; })
        .then(function (html) {
          if (html !== null && number === asked) place.innerHTML = html;
        })
        .catch(function () {});
    }
    field.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(ask, 1200);
    });
  });
})();
