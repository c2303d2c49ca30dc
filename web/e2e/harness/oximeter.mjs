/**
 * Runs in the page, before it: a navigator.bluetooth with one pulse oximeter. What it measures is
 * said by window.oximeter.says(percent, perMinute). The browser's own emulation can't notify.
 */
export function playOximeter() {
  const uuid = (assigned) => `0000${assigned.toString(16).padStart(4, "0")}-0000-1000-8000-00805f9b34fb`;
  class Characteristic extends EventTarget {
    uuid = uuid(0x2a5f); // PLX Continuous Measurement
    properties = { read: false, notify: true, indicate: false };
    value = undefined;
    subscribed = false;
    startNotifications() {
      this.subscribed = true;
      return Promise.resolve(this);
    }
  }
  const measurement = new Characteristic();
  const service = { uuid: uuid(0x1822), getCharacteristics: () => Promise.resolve([measurement]) };
  const device = Object.assign(new EventTarget(), { id: "oximeter", name: "Nonin 3230" });
  device.gatt = {
    connected: false,
    connect() {
      this.connected = true;
      return Promise.resolve(this);
    },
    disconnect() {
      if (!this.connected) return;
      this.connected = false;
      device.dispatchEvent(new Event("gattserverdisconnected"));
    },
    getPrimaryServices: () => Promise.resolve([service]),
  };
  const bluetooth = Object.assign(new EventTarget(), {
    getAvailability: () => Promise.resolve(true),
    getDevices: () => Promise.resolve([]),
    requestDevice: () => Promise.resolve(device),
  });
  Object.defineProperty(navigator, "bluetooth", { configurable: true, value: bluetooth });
  window.oximeter = {
    connected: () => measurement.subscribed && device.gatt.connected,
    says(percent, perMinute) {
      // Flags, then SpO2 and pulse as SFLOAT with the exponent 0 (PLX service 1.0.1 §3.2.1).
      measurement.value = new DataView(Uint8Array.of(0, percent & 0xff, (percent >> 8) & 0x0f, perMinute & 0xff, (perMinute >> 8) & 0x0f).buffer);
      measurement.dispatchEvent(new Event("characteristicvaluechanged"));
    },
  };
}
