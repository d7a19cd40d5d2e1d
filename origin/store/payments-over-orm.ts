// The payments' part of the port over MikroORM, and through the process that owns a SQLite file.
import { endFormerOrder, recordLost } from './operations/end-former-order.ts';
import {
  applyPayment,
  areAnyDue,
  askRefund,
  closePayment,
  findPayment,
  hastenPayments,
  holdOrder,
  paymentsOfOrders,
  postponePayment,
  receivePayment,
  returnPayment,
  takePayments,
} from './operations/payments.ts';
import type { Em } from './orm.ts';
import type { PaymentsStore } from './payments-port.ts';
import type { Caller } from './process-client.ts';

type Unit = <Answer>(work: (em: Em) => Promise<Answer>) => Promise<Answer>;

export function paymentsOver({ read, change }: { read: Unit; change: Unit }): PaymentsStore {
  return {
    receivePayment: (payment) => change((em) => receivePayment(em, payment)),
    findPayment: (paymentId) => read((em) => findPayment(em, paymentId)),
    paymentsOfOrders: (orderIds) => read((em) => paymentsOfOrders(em, orderIds)),
    holdOrder: (paymentId) => change((em) => holdOrder(em, paymentId)),
    applyPayment: (payment) => change((em) => applyPayment(em, payment)),
    returnPayment: (payment) => change((em) => returnPayment(em, payment)),
    askRefund: (order) => change((em) => askRefund(em, order)),
    closePayment: (payment) => change((em) => closePayment(em, payment)),
    // Only what is due is worth a lock.
    takePayments: async (of) =>
      (await read((em) => areAnyDue(em, of.now))) ? change((em) => takePayments(em, of)) : [],
    postponePayment: (payment) => change((em) => postponePayment(em, payment)),
    hastenPayments: (now) => change((em) => hastenPayments(em, now)),
    endFormerOrder: (order) => change((em) => endFormerOrder(em, order)),
    recordLost: (lost) => change((em) => recordLost(em, lost)),
  };
}

export function paymentsThrough(call: Caller): PaymentsStore {
  return {
    receivePayment: (payment) => call('receivePayment', payment),
    findPayment: (paymentId) => call('findPayment', paymentId),
    paymentsOfOrders: (orderIds) => call('paymentsOfOrders', orderIds),
    holdOrder: (paymentId) => call('holdOrder', paymentId),
    applyPayment: (payment) => call('applyPayment', payment),
    returnPayment: (payment) => call('returnPayment', payment),
    askRefund: (order) => call('askRefund', order),
    closePayment: (payment) => call('closePayment', payment),
    takePayments: (of) => call('takePayments', of),
    postponePayment: (payment) => call('postponePayment', payment),
    hastenPayments: (now) => call('hastenPayments', now),
    endFormerOrder: (order) => call('endFormerOrder', order),
    recordLost: (lost) => call('recordLost', lost),
  };
}
