import { describe, expect, it } from 'vitest'
import { may } from './access'
import { changing, creating, isAnswer, isProblem } from './api'

describe('answers of the API', () => {
  const session = {
    handle: '', stage: 'full', person: { id: 'p1', name: 'Mari Bjørk' }, acts: [], may: ['patient.read'], expiresAt: 1, language: 'nn',
    act: { assignment: 'a1', organisation: 'o1', organisationName: 'Fjordvik kommune', unit: '', role: 'nurse', title: 'Sjukepleiar' },
  }

  it('are believed when each field is there and of its kind', () => {
    expect(isAnswer('GET /session', session)).toBe(true)
    expect(isAnswer('GET /session', { ...session, act: null, more: 1 })).toBe(true)
    expect(isAnswer('DELETE /session', null)).toBe(true)
  })

  it('are refused when a field is missing, null or unknown', () => {
    const { stage: _, ...without } = session
    expect(isAnswer('GET /session', without)).toBe(false)
    expect(isAnswer('GET /session', { ...session, acts: null })).toBe(false)
    expect(isAnswer('GET /session', { ...session, stage: 'half' })).toBe(false)
    expect(isAnswer('GET /session', { ...session, act: { role: 'nurse' } })).toBe(false)
    expect(isAnswer('DELETE /session', {})).toBe(false)
  })

  it('say what went wrong by a code', () => {
    const problem = { type: 'about:blank', title: 'another changed it meanwhile', status: 412, code: 'changed' }
    expect(isProblem(problem)).toBe(true)
    expect(isProblem({ ...problem, code: 'whatever' })).toBe(false)
    expect(isProblem({ ...problem, errors: [{ field: 'name', rule: 'is required' }] })).toBe(true)
    expect(isProblem({ ...problem, errors: [{ field: 'name' }] })).toBe(false)
  })
})

describe('operations', () => {
  it('know which of them create and which change a version', () => {
    expect(creating.has('POST /patients')).toBe(true)
    expect(creating.has('POST /session')).toBe(false)
    expect(changing.has('PUT /patients/{id}')).toBe(true)
    expect(changing.has('DELETE /session')).toBe(false)
  })
})

describe('the table of rights', () => {
  it('opens by each of its ways, whole', () => {
    expect(may('nurse', 'patient.read', ['same-organisation'])).toBe(true)
    expect(may('nurse', 'patient.read', ['agreement', 'consent'])).toBe(true)
    expect(may('nurse', 'patient.read', ['agreement'])).toBe(false)
    expect(may('nurse', 'emergency.open', [])).toBe(true)
    expect(may('administrator', 'patient.read', ['same-organisation', 'host'])).toBe(false)
  })
})
