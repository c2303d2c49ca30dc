// What one answers and one's working hours, for routes.ts to load as one piece.

export { AnswerPage, AnswersPage } from "./answers-page";
export { HoursPage } from "./hours-page";
