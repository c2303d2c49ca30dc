// A person at a form, who counts: fields, keys and presses, and about how long they take. The
// time is that of the keystroke-level model (Card, Moran and Newell, 1980), since a robot's own
// says nothing of people.

const seconds = {
  key: 0.28, // an average typist who isn't a secretary
  point: 1.1, // the hand to the mouse, the mouse to its place
  think: 1.35, // before each field and each press
};

export class Robot {
  constructor(page) {
    this.page = page;
    this.fields = 0;
    this.keys = 0;
    this.presses = 0;
  }

  /** Fills fields by their names within a part of the page. A list is chosen from by the words in it. */
  async fill(within, values) {
    for (const [name, value] of Object.entries(values)) {
      const field = within.locator(`[name="${name}"]`);
      this.fields++;
      if ((await field.evaluate((el) => el.tagName)) === "SELECT") {
        await field.selectOption({ label: value });
        this.presses++; // on the choice; the field itself is pointed at as any
      } else {
        await field.fill(value);
        this.keys += value.length;
      }
    }
  }

  async press(button) {
    await button.click();
    this.presses++;
  }

  /** About how long it takes a person who knows what to write, in s. */
  get seconds() {
    return this.keys * seconds.key + (this.fields + this.presses) * (seconds.point + seconds.think);
  }

  toString() {
    return `${this.fields} fields, ${this.keys} keys, ${this.presses} presses: about ${Math.round(this.seconds / 60)} minutes`;
  }
}
