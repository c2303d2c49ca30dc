// The browser's Bluetooth as DevTools emulates it: devices that can be chosen, connected to,
// looked through and read. It has no way to let a device notify.

const uuidOf = (assigned) => `0000${Number(assigned).toString(16).padStart(4, "0")}-0000-1000-8000-00805f9b34fb`;

/**
 * Devices: { address, name, services: { [assigned]: { [assigned]: { read, notify, indicate, value } } } }.
 * Returns what the page has done so far, and choose(address): what the person takes in the browser's
 * list when it opens (names don't stand in it); null closes it.
 */
export async function emulateBluetooth(context, page, devices) {
  // Bluetooth is the whole browser's, its list the page's.
  const cdp = await context.browser().newBrowserCDPSession();
  const list = await context.newCDPSession(page);
  const done = [];
  const characteristics = new Map(); // id → { assigned, value }
  // An operation of a page that is gone meanwhile needs no answer.
  const answer = (method, body) => cdp.send(method, body).catch(() => undefined);

  await cdp.send("BluetoothEmulation.enable", { state: "powered-on", leSupported: true });
  cdp.on("BluetoothEmulation.gattOperationReceived", ({ address, type }) => {
    done.push(type);
    void answer("BluetoothEmulation.simulateGATTOperationResponse", { address, type, code: 0 }); // HCI: success
  });
  cdp.on("BluetoothEmulation.characteristicOperationReceived", ({ characteristicId, type }) => {
    const { assigned, value = [] } = characteristics.get(characteristicId);
    done.push(`${type} ${Number(assigned).toString(16)}`);
    const data = type === "read" ? { data: Buffer.from(value).toString("base64") } : {};
    void answer("BluetoothEmulation.simulateCharacteristicOperationResponse", { characteristicId, type, code: 0, ...data });
  });
  for (const { address, name, services } of devices) {
    await cdp.send("BluetoothEmulation.simulatePreconnectedPeripheral", { address, name, manufacturerData: [], knownServiceUuids: Object.keys(services).map(uuidOf) });
    for (const [service, its] of Object.entries(services)) {
      const { serviceId } = await cdp.send("BluetoothEmulation.addService", { address, serviceUuid: uuidOf(service) });
      for (const [assigned, { value, ...properties }] of Object.entries(its)) {
        const { characteristicId } = await cdp.send("BluetoothEmulation.addCharacteristic", { serviceId, characteristicUuid: uuidOf(assigned), properties });
        characteristics.set(characteristicId, { assigned, value });
        // Where a client writes that it subscribes (Core Specification, Vol 3 Part G §3.3.3.3).
        if (properties.notify || properties.indicate) await cdp.send("BluetoothEmulation.addDescriptor", { characteristicId, descriptorUuid: uuidOf(0x2902) });
      }
    }
  }

  await list.send("DeviceAccess.enable");
  return {
    done,
    choose(address) {
      const answered = new Set();
      list.on("DeviceAccess.deviceRequestPrompted", ({ id, devices: shown }) => {
        // The list tells of itself anew with each device that is found, and bears one answer only.
        if (answered.has(id) || (address !== null && !shown.some((d) => d.id === address))) return;
        answered.add(id);
        void (address === null ? list.send("DeviceAccess.cancelPrompt", { id }) : list.send("DeviceAccess.selectPrompt", { id, deviceId: address }));
      });
    },
    /** This machine has no Bluetooth any more. */
    takeAway: () => cdp.send("BluetoothEmulation.setSimulatedCentralState", { state: "absent" }),
    stop: () => cdp.send("BluetoothEmulation.disable"),
  };
}
