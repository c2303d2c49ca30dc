// What the call page loads when someone wants to connect a device.

export { HealthDevices, recordsOfThePage } from "./devices";
export { bluetoothOf } from "./gatt";
export { DevicePanel } from "./panel";
